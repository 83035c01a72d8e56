import { kebab, lookup, names } from "../base/lookup.js";
import * as proxies from "./proxies/index.js";
import type { ZeroCostProxy } from "./proxy.js";

const asWritten = (name: string): string => kebab(name).replaceAll("-", "_");

/** Names of the zero-cost proxies as their papers write them, `grad_norm`; where users type one, `-` does for `_`. */
export const proxyNames: readonly string[] = names(proxies).map(asWritten);

/** @throws UserError  naming those that there are */
export const proxyOf = (name: string): ZeroCostProxy => lookup<ZeroCostProxy>(proxies, name, "proxy");

/**
 * The name of a proxy, whichever way it is typed.
 *
 * @throws UserError  as `proxyOf`
 */
export function proxyName(typed: string): string {
  proxyOf(typed);
  return asWritten(typed);
}
