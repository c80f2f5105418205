-- Whoever wants a waiting job of a campaign earlier passes by one that an administrator has cancelled, and so has to see that.
grant select (cancelled_at) on job to clientele_company;
