import { runNightly } from './nightly.ts';
import { cleanSessions } from './handlers/clean-sessions.ts';
import { removeDeletedUsers, removeUser } from './handlers/remove-users.ts';
import { syncUsage } from './handlers/sync-usage.ts';
import { checkVersion } from './handlers/version-check.ts';
import { nightlyQueue, type Work, type WorkTable } from './job-handler.ts';

// Immich prunes here what tells its clients of deletions. Ours is a log that nothing is ever taken out of: docs/decisions/013.
const keepAuditLog: Work = () => Promise.resolve('Nothing to do: the audit log is kept whole');

/** Every job that is done here. A job is added by one line, and its file. */
export const workTable: WorkTable = {
	[nightlyQueue]: { queue: nightlyQueue, work: runNightly },
	UserDeleteCheck: { queue: 'backgroundTask', work: removeDeletedUsers },
	UserDelete: { queue: 'backgroundTask', work: removeUser },
	SessionCleanup: { queue: 'backgroundTask', work: cleanSessions },
	AuditTableCleanup: { queue: 'backgroundTask', work: keepAuditLog },
	UserSyncUsage: { queue: 'backgroundTask', work: syncUsage },
	VersionCheck: { queue: 'backgroundTask', work: checkVersion }
};
