import type { SettingsFeature } from '#lib/server/features/settings/index.ts';
import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import type { JobHandler } from '#lib/server/platform/job.ts';
import { AuditService } from './audit.service.ts';
import type { AuditStore } from './repositories.ts';

interface Needed {
	readonly settings: SettingsFeature;
}

// Immich prunes the table here that tells its clients about deletions. Ours is a log that is never pruned:
// docs/decisions/013.
const keepAuditLog: JobHandler = () => Promise.resolve('Nothing to do: the audit log is kept whole');

export const createAudit = ({ store }: Platform<AuditStore>, { settings: { reader: settings } }: Needed) =>
	({
		services: { audit: new AuditService(store) },
		jobs: {
			AuditTableCleanup: {
				queue: 'backgroundTask',
				work: keepAuditLog,
				isNightly: () => settings.current.system.nightlyTasks.databaseCleanup
			}
		}
	}) satisfies Feature;
