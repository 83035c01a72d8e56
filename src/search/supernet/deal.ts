import type { Rng } from "../../base/rng.js";
import type { Choices } from "./architecture.js";
import type { Taken } from "./steps.js";

/**
 * Networks one after the other, a stage's candidate dealt from a shuffled deck of all of them, which is
 * shuffled anew when it is empty: so each is trained equally often.
 *
 * Source: Chu et al. 2021, FairNAS, arXiv:1907.01845, §3.2, though a step is of one network here.
 */
export function dealer({ stages }: Pick<Choices, "stages">, rng: Rng): () => Taken {
  const decks: number[][] = stages.map(() => []);
  return () =>
    decks.map((deck, i) => {
      if (deck.length === 0) deck.push(...rng.shuffle(stages[i]!.map((_, c) => c)));
      return [deck.pop()!];
    });
}
