import type { JobName } from '../src/queue/contracts.ts';
import { forgetBulks, runBulk, undoBulk } from './bulk.ts';
import { reconcileDeliveries, sendCampaign, sweepCampaigns } from './campaigns.ts';
import { clearAbout } from './clear-about.ts';
import { clearOutbox } from './clear-outbox.ts';
import { clearTag } from './clear-tag.ts';
import { findDuplicates, planDuplicates } from './duplicates.ts';
import { eraseCustomers } from './erase-customers.ts';
import { expireExports } from './expire-exports.ts';
import { forgetCustomer } from './forget-customer.ts';
import type { Handler } from './handler.ts';
import { checkImport, expireImports, runImport } from './imports.ts';
import { passwordLetter } from './password-letter.ts';
import { personRequest } from './person-request.ts';
import { readNumbers } from './read-numbers.ts';
import { reviewBacklog } from './review-backlog.ts';
import { reviewGone } from './review-gone.ts';
import { runExport } from './run-export.ts';
import { sendMail } from './send-mail.ts';
import { sendSms } from './send-sms.ts';
import { tellPerson } from './tell-person.ts';
import { lookAtWalls, planWalls } from './walls.ts';
import { writeJournal } from './write-journal.ts';

/** What each job does. */
export const handlers: { readonly [Name in JobName]: Handler<Name> } = {
  'mail.send': sendMail,
  'sms.send': sendSms,
  'review.tell': tellPerson,
  'review.gone': reviewGone,
  'person.request': personRequest,
  'about.clear': clearAbout,
  'password.letter': passwordLetter,
  'bulk.run': runBulk,
  'bulk.undo': undoBulk,
  'bulk.forget': forgetBulks,
  'tag.clear': clearTag,
  'export.run': runExport,
  'exports.expire': expireExports,
  'import.check': checkImport,
  'import.run': runImport,
  'imports.expire': expireImports,
  'duplicates.plan': planDuplicates,
  'duplicates.find': findDuplicates,
  'reviews.backlog': reviewBacklog,
  'numbers.read': readNumbers,
  'campaign.send': sendCampaign,
  'campaigns.sweep': sweepCampaigns,
  'deliveries.reconcile': reconcileDeliveries,
  'walls.plan': planWalls,
  'walls.look': lookAtWalls,
  'outbox.clear': clearOutbox,
  'customer.forget': forgetCustomer,
  'journal.write': writeJournal,
  'customers.erase': eraseCustomers,
};
