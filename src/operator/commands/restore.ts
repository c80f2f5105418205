import * as restore from '../../restore/restore.ts';
import { command, SWITCH } from '../command.ts';

/**
 * `restore:reapply`: holds everything that is sent, and does once more what the journal knows and this database does not; with `--all` also
 * what it knows. At start that happens by itself.
 */
export const restoreReapply = command({
  flags: { all: SWITCH },
  run: async (desk, { all }) => {
    const applied = await restore.reapply(desk, all);
    return { applied, ...(await restore.state(desk)) };
  },
});

/** `restore:confirm`: lets it be sent again. */
export const restoreConfirm = command({ flags: {}, run: (desk) => restore.confirm(desk) });
