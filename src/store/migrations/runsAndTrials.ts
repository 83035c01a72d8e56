/** A run is one plan; a trial is one question the plan asked and its answer. */
export const runsAndTrials = /* sql */ `
  CREATE TABLE run (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    name        TEXT    NOT NULL,
    created_at  TEXT    NOT NULL,
    version     TEXT    NOT NULL,                        -- of nas
    plan        TEXT    NOT NULL CHECK (json_valid(plan)) -- what the result depends on
  ) STRICT;

  CREATE TABLE trial (
    number        INTEGER PRIMARY KEY CHECK (number >= 0), -- ask order, from 0
    genome        TEXT    NOT NULL,
    hash          TEXT    NOT NULL CHECK (length(hash) = 16),
    status        TEXT    NOT NULL CHECK (status IN ('scored', 'skipped', 'failed')),
    why           TEXT,
    accuracy      REAL    CHECK (accuracy BETWEEN 0 AND 1),
    accuracy_kind TEXT    CHECK (accuracy_kind IN ('proxy', 'shared', 'retrained')),
    latency_ms      REAL  NOT NULL CHECK (latency_ms > 0),
    latency_low_ms  REAL  NOT NULL CHECK (latency_low_ms > 0 AND latency_low_ms <= latency_ms),
    latency_high_ms REAL  NOT NULL CHECK (latency_high_ms >= latency_ms),
    latency_kind    TEXT  NOT NULL CHECK (latency_kind IN ('predicted', 'extrapolated', 'measured')),
    params        INTEGER NOT NULL CHECK (params > 0),
    macs          INTEGER NOT NULL CHECK (macs > 0),
    peak_activation_bytes INTEGER NOT NULL CHECK (peak_activation_bytes > 0),
    rejected      INTEGER NOT NULL CHECK (rejected >= 0), -- draws over the limit before this genome
    duplicate_of  INTEGER REFERENCES trial (number) CHECK (duplicate_of < number),
    epochs        TEXT    NOT NULL CHECK (json_valid(epochs)),
    engine        TEXT,
    seconds       REAL    NOT NULL CHECK (seconds >= 0),
    CHECK ((status = 'scored') = (why IS NULL)),
    CHECK ((status = 'scored') = (accuracy IS NOT NULL)),
    CHECK ((accuracy IS NULL) = (accuracy_kind IS NULL))
  ) STRICT;

  CREATE TABLE lease (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    holder    TEXT    NOT NULL,
    host      TEXT    NOT NULL,
    pid       INTEGER NOT NULL,
    renewed_at INTEGER NOT NULL                          -- milliseconds since 1970
  ) STRICT;
`;
