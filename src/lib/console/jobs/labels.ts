import type { QueueName, WorkName } from '#lib/contract/jobs/queue-names.ts';

export const queueTitles: Readonly<Record<QueueName, string>> = {
	thumbnailGeneration: 'Thumbnails',
	metadataExtraction: 'Metadata',
	videoConversion: 'Videos',
	faceDetection: 'Face detection',
	facialRecognition: 'Face recognition',
	smartSearch: 'Smart search',
	duplicateDetection: 'Duplicates',
	backgroundTask: 'Background tasks',
	storageTemplateMigration: 'Storage template',
	migration: 'File migration',
	search: 'Search',
	sidecar: 'Sidecar files',
	library: 'External libraries',
	notifications: 'Notifications',
	backupDatabase: 'Database backup',
	ocr: 'Text recognition (OCR)',
	workflow: 'Workflows',
	integrityCheck: 'Integrity checks',
	editor: 'Editor'
};

export const workTitles: Readonly<Record<WorkName, { readonly title: string; readonly detail: string }>> = {
	UserDeleteCheck: {
		title: 'Remove deleted users',
		detail: 'Permanently deletes accounts whose grace period has ended, including profile pictures.'
	},
	SessionCleanup: {
		title: 'Clean up sessions',
		detail: 'Removes expired sessions and other outdated records.'
	},
	UserSyncUsage: {
		title: 'Recalculate storage usage',
		detail: 'Recalculates how much storage each user’s photos and videos use.'
	},
	AuditTableCleanup: {
		title: 'Clean up audit tables',
		detail: 'Does nothing on this server: the audit log is never pruned.'
	},
	VersionCheck: {
		title: 'Check for updates',
		detail: 'Checks online for a newer version, if enabled in Settings.'
	},
	AssetDeleteCheck: {
		title: 'Empty the trash',
		detail: 'Permanently deletes items whose time in the trash is over.'
	},
	AssetGenerateThumbnailsQueueAll: {
		title: 'Generate missing thumbnails',
		detail: 'Reads metadata and generates thumbnails for photos that don’t have one.'
	},
	IntegrityUntrackedFiles: {
		title: 'Remove orphaned files',
		detail: 'Removes files left behind by interrupted uploads.'
	}
};

/** Title of a job; another server version may know more of them. */
export const jobTitle = (name: string): string => {
	if (name === 'UserDelete') return 'Remove a deleted user';
	if (name === 'nightly') return 'Nightly run';
	return Object.hasOwn(workTitles, name) ? workTitles[name as WorkName].title : name;
};

export const queueTitle = (name: string): string =>
	Object.hasOwn(queueTitles, name) ? queueTitles[name as QueueName] : jobTitle(name);
