import { type Command, readInput } from './command.ts';
import { checkCounters } from './commands/check-counters.ts';
import { companyCreate } from './commands/company-create.ts';
import { keyCreate } from './commands/key-create.ts';
import { migrateDatabase } from './commands/migrate.ts';
import { partitionTables } from './commands/partition.ts';
import { pricesLoad } from './commands/prices-load.ts';
import { rateSet } from './commands/rate-set.ts';
import { restoreConfirm, restoreReapply } from './commands/restore.ts';
import { seedDemoData } from './commands/seed-demo.ts';
import { senderAdd } from './commands/sender-add.ts';
import { senderGive } from './commands/sender-give.ts';
import { userCreate } from './commands/user-create.ts';
import { userResetSecondFactor } from './commands/user-reset-second-factor.ts';
import type { Desk } from './desk.ts';

export const commands = {
  'company:create': prepared(companyCreate),
  'user:create': prepared(userCreate),
  'user:reset-second-factor': prepared(userResetSecondFactor),
  'key:create': prepared(keyCreate),
  'rate:set': prepared(rateSet),
  'sender:add': prepared(senderAdd),
  'sender:give': prepared(senderGive),
  'prices:load': prepared(pricesLoad),
  migrate: prepared(migrateDatabase),
  partition: prepared(partitionTables),
  'seed:demo': prepared(seedDemoData),
  'check:counters': prepared(checkCounters),
  'restore:reapply': prepared(restoreReapply),
  'restore:confirm': prepared(restoreConfirm),
};

export function isCommand(name: string): name is keyof typeof commands {
  return Object.hasOwn(commands, name);
}

/** Reads the arguments first: a slip of the pen is answered before the database is asked for. */
function prepared<Input, Answer extends object>(command: Command<Input, Answer>) {
  return (name: string, args: string[]) => {
    const input = readInput(name, command, args);
    return async (desk: Desk) => {
      const answer = await command.run(desk, input);
      return { answer, failed: command.failed(answer) };
    };
  };
}
