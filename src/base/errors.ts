/** Exit codes of the command line, as `nas help exit-codes` documents them. */
export const exitCodes = {
  ok: 0,
  runtime: 1,
  usage: 2,
  infeasible: 3,
  data: 5,
  locked: 6,
  untrue: 7,
  bug: 70,
  interrupted: 130,
} as const;

/** A mistake the user can mend: what was wrong and where, then what would be right. */
export class UserError extends Error {
  constructor(
    what: string,
    readonly whatToDo: string,
    readonly exitCode: number = exitCodes.usage,
  ) {
    super(what);
    this.name = "UserError";
  }
}
