export * as send from './send/send.ts';
