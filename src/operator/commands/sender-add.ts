import { addSender, newSender } from '../../senders/senders.ts';
import { command, value } from '../command.ts';
import { inPortal } from '../desk.ts';

const { address, name, perSecond } = newSender.shape;

/** `sender:add --address --name [--per-second 10]`: from what SMS of the companies that are given it may leave. */
export const senderAdd = command({
  flags: {
    address: value(
      address,
      'must be a number such as +380671234567, a short code, a name of letters, or a messaging service MG…',
    ),
    name: value(name, 'must not be longer than 100 characters').optional(),
    perSecond: value(perSecond, 'must be a whole number from 1 to 10000').optional(),
  },
  run: async (desk, { address, name = '', perSecond = 10 }) => {
    const sender = { address, name, perSecond };
    const id = await inPortal(desk, (db) => addSender(db, sender, null));
    return { id, ...sender };
  },
});
