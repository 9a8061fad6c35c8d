-- What nobody may go on with any more is forgotten by the worker's sweep.
GRANT DELETE ON imports TO berth_worker;
