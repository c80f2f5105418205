/** How many times the bare cost each measure may take. A missed bar is told, never thrown. */
export const bars = {
  list: 2,
  search: 1.5,
  deep: 1.5,
  jump: 1.5,
  filter: 2,
  customer: 2,
  ingest: 3,
  memory: 1.1,
  csv: 2,
  xlsx: 1.25,
};
