import { Gauge, Registry } from 'prom-client';

/** What `/metrics` shows of the whole portal: any of its processes shows the same. */
export const portal = new Registry();

const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
  new Gauge({ name: `clientele_${name}`, help, labelNames, registers: [portal] });

export const ready = gauge('ready', 'Whether this part answers: 1 or 0', ['part']);
export const held = gauge('held', 'Whether nothing is sent until the operator confirms a restored database: 1 or 0');
export const leaving = gauge('leaving', 'Whether this process was told to end: 1 or 0');

export const jobs = gauge('jobs', 'Jobs by state: waiting, scheduled, running, lapsed, given_up', ['name', 'state']);
export const oldest = gauge('job_oldest_seconds', 'How long the oldest job that could run has waited', ['name']);

export const open = {
  letters: gauge('letters', 'Letters and single SMS that are not sent: waiting, failed', ['channel', 'state']),
  unknown: gauge('deliveries_unknown', 'Texts of which nobody knows whether they were sent', ['channel']),
  imports: gauge('imports', 'Imports that are not over', ['state']),
  exports: gauge('exports', 'Exports that are not over', ['state']),
  campaigns: gauge('campaigns', 'Campaigns that are not over', ['state']),
};

export const sessions = gauge('sessions', 'Sign-ins that last; active: seen within 15 minutes', ['kind']);

export const database = {
  bytes: gauge('database_bytes', 'Size of the database'),
  connections: gauge('database_connections', 'Connections to the database, of all processes'),
  most: gauge('database_connections_most', 'Connections that its server allows'),
  commits: gauge('database_commits', 'Transactions committed since its server began to count'),
  rollbacks: gauge('database_rollbacks', 'Transactions rolled back'),
  blocks_read: gauge('database_blocks_read', 'Blocks read from disk'),
  blocks_hit: gauge('database_blocks_hit', 'Blocks found in its memory'),
  temporary_bytes: gauge('database_temporary_bytes', 'Bytes written for want of memory'),
  deadlocks: gauge('database_deadlocks', 'Deadlocks'),
};

export const disk = gauge('disk_bytes', 'The disk of DATA_DIR: free, total', ['kind']);
export const backup = gauge('backup_age_seconds', 'Since the file backup-done in DATA_DIR was touched');
