-- The provider wants a sender to be left alone until then (429). `next_at` cannot say it: places before that were promised already.
alter table sender_pace add column held_until timestamptz;
