-- Who wants a job sooner looks whether it was cancelled: a company may see that of its own jobs, as it sees when they are due.
grant select (cancelled_at) on job to clientele_company;
