/** A schedule asks for some epochs of training only; null means all that the run has. */
export const askedEpochs = /* sql */ `
  ALTER TABLE trial ADD COLUMN asked_epochs INTEGER CHECK (asked_epochs > 0);
`;
