import { z } from 'zod';
import type { HookContext } from '../../web/context.ts';
import { isSignedBy } from './signature.ts';
import { tell } from './status.ts';

const telling = z.object({
  id: z.string().max(128),
  status: z.string().max(32),
  errorCode: z.union([z.string(), z.number()]).nullish(),
});

/**
 * `POST /webhooks/messages/status?d=<token>`: the API of Viber or Messenger tells what has become of a delivery,
 * `{"id","status","errorCode"}`, with `X-Signature`: HMAC-SHA256 of the body by the channel's token, in hexadecimal (S-05, S-06).
 */
export async function channelStatus(ctx: HookContext): Promise<void> {
  const { req, res, services, body } = ctx;
  const signature = req.get('x-signature') ?? '';
  const signers = (['viber', 'messenger'] as const).filter((name) => {
    const config = services.config[name];
    return config?.by === 'http' && isSignedBy(config.token, body, signature);
  });
  if (signers.length === 0) return void res.status(403).end();
  const told = telling.safeParse(parse(body));
  if (!told.success) return void res.status(400).end();
  const { id, status, errorCode } = told.data;
  await tell(ctx, { sid: id, word: status, errorCode: errorCode == null ? null : String(errorCode) }, signers);
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
