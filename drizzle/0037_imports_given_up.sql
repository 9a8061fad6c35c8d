-- An archive that is given up is at the end of its time at once.
GRANT UPDATE (expires_at) ON imports TO berth_web;
