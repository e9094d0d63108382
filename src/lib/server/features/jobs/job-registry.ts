import { runNightly } from './nightly.ts';
import { cleanSessions } from './handlers/clean-sessions.ts';
import { removeDeletedUsers, removeUser } from './handlers/remove-users.ts';
import { syncUsage } from './handlers/sync-usage.ts';
import { checkVersion } from './handlers/version-check.ts';
import { nightlyQueue, type JobHandler, type JobRegistry } from './job-handler.ts';

// Immich prunes the table here that tells its clients about deletions. Ours is a log that is never pruned:
// docs/decisions/013.
const keepAuditLog: JobHandler = () => Promise.resolve('Nothing to do: the audit log is kept whole');

/** Every job this server runs. A new job needs one line here and its file. */
export const jobRegistry: JobRegistry = {
	[nightlyQueue]: { queue: nightlyQueue, work: runNightly },
	UserDeleteCheck: { queue: 'backgroundTask', work: removeDeletedUsers },
	UserDelete: { queue: 'backgroundTask', work: removeUser },
	SessionCleanup: { queue: 'backgroundTask', work: cleanSessions },
	AuditTableCleanup: { queue: 'backgroundTask', work: keepAuditLog },
	UserSyncUsage: { queue: 'backgroundTask', work: syncUsage },
	VersionCheck: { queue: 'backgroundTask', work: checkVersion }
};
