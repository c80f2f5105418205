import { z } from 'zod';

/** How one channel beside SMS is reached: its own HTTP API, or Twilio under a sender of that channel. */
export type ChannelConfig =
  | { by: 'http'; apiUrl: string; token: string; from: string | undefined }
  | { by: 'twilio'; from: string };

const API_URL = 'wanted is the address of the channel’s API, such as https://api.example.com/v1';

const address = () =>
  z.string().refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), API_URL);

export const channelVariables = {
  VIBER_API_URL: address().optional(),
  VIBER_TOKEN: z.string().optional(),
  VIBER_FROM: z.string().max(100).optional(),
  MESSENGER_API_URL: address().optional(),
  MESSENGER_TOKEN: z.string().optional(),
  MESSENGER_FROM: z.string().max(100).optional(),
};

type Given = z.infer<z.ZodObject<typeof channelVariables>>;

/** One line about what is missing where a channel is set up by half; null: nothing is. */
export function missingForChannels(given: Given, hasTwilio: boolean): string | null {
  for (const name of ['VIBER', 'MESSENGER'] as const) {
    const [url, token, from] = [given[`${name}_API_URL`], given[`${name}_TOKEN`], given[`${name}_FROM`]];
    if (url && !token) return `${name}_TOKEN is not set: ${name}_API_URL needs it`;
    if (token && !url) return `${name}_API_URL is not set: ${name}_TOKEN needs it`;
    if (from && !url && !hasTwilio) return `${name}_API_URL is not set: ${name}_FROM needs it, or Twilio`;
  }
  return null;
}

/** null: what goes there is kept for the outbox page */
export function channelOf(given: Given, name: 'VIBER' | 'MESSENGER'): ChannelConfig | null {
  const [apiUrl, token, from] = [given[`${name}_API_URL`], given[`${name}_TOKEN`], given[`${name}_FROM`]];
  if (apiUrl && token) return { by: 'http', apiUrl: apiUrl.replace(/\/$/, ''), token, from };
  return from ? { by: 'twilio', from } : null;
}
