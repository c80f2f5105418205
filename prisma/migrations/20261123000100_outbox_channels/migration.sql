-- What goes by a channel that is not set up is kept like SMS are.
alter table outbox drop constraint outbox_channel_check;
alter table outbox add constraint outbox_channel_check check (channel in ('email', 'sms', 'viber', 'messenger'));
