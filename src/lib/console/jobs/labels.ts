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
	migration: 'Migration of files',
	search: 'Search',
	sidecar: 'Sidecar files',
	library: 'External libraries',
	notifications: 'Notifications',
	backupDatabase: 'Database backup',
	ocr: 'Text in pictures',
	workflow: 'Workflows',
	integrityCheck: 'Integrity checks',
	editor: 'Editor'
};

export const workTitles: Readonly<Record<WorkName, { readonly title: string; readonly detail: string }>> = {
	UserDeleteCheck: {
		title: 'Remove deleted users',
		detail: 'Removes for good the accounts whose grace period is over, with their pictures.'
	},
	SessionCleanup: {
		title: 'Clean up sessions',
		detail: 'Removes sessions that have ended, and other records that have had their time.'
	},
	UserSyncUsage: {
		title: 'Reckon storage use anew',
		detail: 'Sums up for each user what their photos and videos take.'
	},
	AuditTableCleanup: {
		title: 'Clean up audit tables',
		detail: 'Immich’s name for it. Here nothing is done: the audit log is kept whole.'
	},
	VersionCheck: {
		title: 'Look for a newer version',
		detail: 'Asks outside which version is the newest, if the version check is switched on in the settings.'
	},
	AssetDeleteCheck: {
		title: 'Empty the trash',
		detail: 'Permanently deletes what has been in the trash for as long as the settings say.'
	},
	AssetGenerateThumbnailsQueueAll: {
		title: 'Make missing thumbnails',
		detail: 'Reads the metadata of photos without a thumbnail and makes it.'
	},
	IntegrityUntrackedFiles: {
		title: 'Remove orphaned files',
		detail: 'Removes files that belong to no photo, as an interrupted upload leaves them.'
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
