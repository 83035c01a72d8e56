/** The energy proxy of a network; null in rows that are older than it. */
export const energy = /* sql */ `
  ALTER TABLE trial ADD COLUMN energy_mj REAL CHECK (energy_mj > 0);
`;
