/** What a supernet was asked before networks were derived from it; its accuracies are `shared` and in no trial. */
export const supernetAnswers = /* sql */ `
  CREATE TABLE supernet (
    number   INTEGER PRIMARY KEY CHECK (number >= 0),  -- ask order, from 0
    question TEXT NOT NULL,
    answer   TEXT NOT NULL CHECK (json_valid(answer))
  ) STRICT;
`;
