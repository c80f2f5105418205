import { giveSender, senderByAddress } from '../../senders/senders.ts';
import { command, word } from '../command.ts';
import { companyOf, inPortal } from '../desk.ts';
import { OperatorError } from '../error.ts';

/** `sender:give --address --company <slug>`: twice is no mistake. */
export const senderGive = command({
  flags: { address: word(40), company: word(63) },
  run: async (desk, { address, company: slug }) => {
    const company = await companyOf(desk, slug);
    const given = await inPortal(desk, async (db) => {
      const sender = await senderByAddress(db, address);
      if (!sender) throw new OperatorError(`--address ${address}: there is no such sender; make one with sender:add`);
      return giveSender(db, sender, company.id, null);
    });
    return { address, company: slug, given };
  },
});
