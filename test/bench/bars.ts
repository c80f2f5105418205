/** How many times the bare cost each measure may take. A missed bar is told, never thrown. */
export const bars = {
  list: 3,
  search: 2,
  deep: 1.5,
  jump: 2,
  filter: 3,
  customer: 3,
  /** a job's verb, beside what it cannot do without */
  job: 4,
  /** any other page: what a session, the menu and the words cost weighs more, the less there is to ask */
  page: 4,
  /** reviews that may not be read must not be told by the clock either */
  unreadable: 1.1,
  ingest: 3,
  /** every row is read twice: looked at first, then brought */
  import: 6,
  memory: 1.1,
  bulk: 6,
  csv: 3,
  xlsx: 1.3,
  /** MB by which the process may grow while it makes an export */
  growth: 150,
  /** pages of the database that all statements of the list may touch together */
  pages: 500,
  /** ms until a process that was started answers */
  coldStart: 5000,
  /** MB of a process that has nothing to do */
  atRest: 250,
  /** MB that the image has on top of its base */
  image: 150,
  /** a campaign's launch, beside the bare insert of the rows that it wrote */
  freeze: 3,
};

/** SMS a second, by where the queue lives. What is less is told, never thrown. */
export const least = { redis: 500, postgres: 150 };
