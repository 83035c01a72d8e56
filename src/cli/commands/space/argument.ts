import { required } from "../../option.js";
import { resumeOptions } from "../../searchOptions.js";

/** A space as an argument: a built-in one by name, or a file with one. */
export const spaceArgument = required(resumeOptions.space);
