-- How many SMS a text is: GSM-7 160 septets, or 153 in each of several; where a sign is none of that alphabet, UCS-2 70 units of 16 bits,
-- or 67. A sign goes into one part as a whole: an extended one of GSM-7 (two septets), or one beyond the basic plane (two units), leaves a
-- unit empty where only one is left. The same as src/sms/text/parts.ts, which a test compares with it.
create function sms_parts(body text) returns bigint language plpgsql immutable strict parallel safe as $$
declare
  extended constant text := E'[\f^{}\\\\[~\\]|€]';
  size int := char_length(body);
begin
  if body !~ E'[^@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ -#¤%-?¡A-ZÄÖÑÜ§¿a-zäöñüà\f^{}\\\\[~\\]|€]' then
    if size <= 80 or body !~ extended then
      return case when size <= 160 then 1 else (size + 152) / 153 end;
    end if;
    -- An extended sign is written as it is sent: ESC and another one. A part does not end between them.
    body := regexp_replace(body, extended, E'\x1b.', 'g');
    return case when char_length(body) <= 160 then 1 else regexp_count(body, E'.{0,152}[^\x1b]') end;
  end if;
  if octet_length(body) < size + 3 or body !~ '[\U00010000-\U0010FFFF]' then
    return case when size <= 70 then 1 else (size + 66) / 67 end;
  end if;
  body := regexp_replace(regexp_replace(body, '[^\U00010000-\U0010FFFF]', '.', 'g'), '[^.]', 'x.', 'g');
  return case when char_length(body) <= 70 then 1 else regexp_count(body, '.{0,66}[^x]') end;
end $$;
