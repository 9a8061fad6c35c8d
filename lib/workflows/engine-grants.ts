/**
 * What the web may do in the workflow engine's schema: put work in line, and nothing else. It cannot read what work brought,
 * nor write what a step is remembered to have answered, nor touch work that is in line. Repeating is harmless, and takes
 * back what an older version gave. To be run by the owner after the engine's own migrations.
 */
export const engineGrants = `
REVOKE ALL ON ALL TABLES IN SCHEMA dbos FROM berth_web;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA dbos FROM berth_web;
ALTER DEFAULT PRIVILEGES IN SCHEMA dbos REVOKE ALL ON TABLES FROM berth_web;
ALTER DEFAULT PRIVILEGES IN SCHEMA dbos REVOKE ALL ON SEQUENCES FROM berth_web;
GRANT USAGE ON SCHEMA dbos TO berth_web;
GRANT INSERT ON dbos.workflow_status, dbos.workflow_input TO berth_web;
GRANT SELECT (workflow_uuid, status, name, class_name, config_name, queue_name, executor_id, creator_xid, serialization)
  ON dbos.workflow_status TO berth_web;
-- The engine's way of enqueuing what may be there already: it writes this column with its own value.
GRANT UPDATE (creator_xid) ON dbos.workflow_status TO berth_web;
GRANT SELECT (workflow_uuid) ON dbos.workflow_input TO berth_web;
`;
