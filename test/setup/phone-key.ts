import { phoneKey } from '../../src/kernel/phone-key.ts';

export const PHONE_KEY = 'the key of the test phones';

export const keyOfPhone = (e164: string): string => phoneKey(PHONE_KEY, e164);
