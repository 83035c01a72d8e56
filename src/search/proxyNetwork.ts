import { print } from "../graph/text.js";
import { build, type Form } from "../space/build.js";
import { parseGenome } from "../space/candidate.js";
import type { Space } from "../space/space.js";

/** The network of a genome in the form that is trained, as a worker reads it. */
export const proxyNetwork = (space: Space, form: Form, genome: string): string =>
  print(build(space, parseGenome(space, genome), form));
