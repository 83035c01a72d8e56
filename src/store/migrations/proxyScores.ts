/**
 * A trial may be rated by a zero-cost proxy instead of trained, and candidates screened by one before they become
 * trials. SQLite cannot widen a CHECK, so the table of trials is made again.
 */
export const proxyScores = /* sql */ `
  ALTER TABLE trial RENAME TO trial_before;
  CREATE TABLE trial (
    number        INTEGER PRIMARY KEY CHECK (number >= 0), -- ask order, from 0
    genome        TEXT    NOT NULL,
    hash          TEXT    NOT NULL CHECK (length(hash) = 16),
    status        TEXT    NOT NULL CHECK (status IN ('scored', 'rated', 'skipped', 'failed')),
    why           TEXT,
    accuracy      REAL    CHECK (accuracy BETWEEN 0 AND 1),
    accuracy_kind TEXT    CHECK (accuracy_kind IN ('proxy', 'shared', 'retrained')),
    score         REAL,                                    -- by the proxy of the run's aim; no accuracy
    latency_ms      REAL  NOT NULL CHECK (latency_ms > 0),
    latency_low_ms  REAL  NOT NULL CHECK (latency_low_ms > 0 AND latency_low_ms <= latency_ms),
    latency_high_ms REAL  NOT NULL CHECK (latency_high_ms >= latency_ms),
    latency_kind    TEXT  NOT NULL CHECK (latency_kind IN ('predicted', 'extrapolated', 'measured')),
    params        INTEGER NOT NULL CHECK (params > 0),
    macs          INTEGER NOT NULL CHECK (macs > 0),
    peak_activation_bytes INTEGER NOT NULL CHECK (peak_activation_bytes > 0),
    energy_mj     REAL    CHECK (energy_mj > 0),
    rejected      INTEGER NOT NULL CHECK (rejected >= 0), -- draws over the limit before this genome
    duplicate_of  INTEGER REFERENCES trial (number) CHECK (duplicate_of < number),
    asked_epochs  INTEGER CHECK (asked_epochs > 0),
    epochs        TEXT    NOT NULL CHECK (json_valid(epochs)),
    engine        TEXT,
    seconds       REAL    NOT NULL CHECK (seconds >= 0),
    CHECK ((status IN ('scored', 'rated')) = (why IS NULL)),
    CHECK ((status = 'scored') = (accuracy IS NOT NULL)),
    CHECK ((status = 'rated') = (score IS NOT NULL)),
    CHECK ((accuracy IS NULL) = (accuracy_kind IS NULL))
  ) STRICT;
  INSERT INTO trial
    SELECT number, genome, hash, status, why, accuracy, accuracy_kind, NULL, latency_ms, latency_low_ms, latency_high_ms,
           latency_kind, params, macs, peak_activation_bytes, energy_mj, rejected, duplicate_of, asked_epochs, epochs,
           engine, seconds
    FROM trial_before ORDER BY number;
  DROP TABLE trial_before;

  CREATE TABLE screening (
    number  INTEGER PRIMARY KEY CHECK (number >= 0), -- order in which candidates were looked at, from 0
    trial   INTEGER CHECK (trial >= 0),              -- that it was a candidate for; null for a draw of the warm-up
    proxy   TEXT    NOT NULL,
    genome  TEXT    NOT NULL,
    score   REAL,
    why     TEXT,                                    -- it has no score
    seconds REAL    NOT NULL CHECK (seconds >= 0),
    CHECK ((score IS NULL) = (why IS NOT NULL))
  ) STRICT;
`;
