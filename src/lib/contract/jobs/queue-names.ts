/** Immich 3.2.2's queues in its order, which validation errors list. */
export const queueNames = [
	'thumbnailGeneration',
	'metadataExtraction',
	'videoConversion',
	'faceDetection',
	'facialRecognition',
	'smartSearch',
	'duplicateDetection',
	'backgroundTask',
	'storageTemplateMigration',
	'migration',
	'search',
	'sidecar',
	'library',
	'notifications',
	'backupDatabase',
	'ocr',
	'workflow',
	'integrityCheck',
	'editor'
] as const;
export type QueueName = (typeof queueNames)[number];

/** Immich 3.2.2's job names. Its clients parse them strictly, so Immich's routes must not return any other name. */
export const jobNames = [
	'AssetDelete',
	'AssetDeleteCheck',
	'AssetDetectFacesQueueAll',
	'AssetDetectFaces',
	'AssetDetectDuplicatesQueueAll',
	'AssetDetectDuplicates',
	'AssetEditThumbnailGeneration',
	'AssetEncodeVideoQueueAll',
	'AssetEncodeVideo',
	'AssetEmptyTrash',
	'AssetExtractMetadataQueueAll',
	'AssetExtractMetadata',
	'AssetFileMigration',
	'AssetGenerateThumbnailsQueueAll',
	'AssetGenerateThumbnails',
	'AuditTableCleanup',
	'DatabaseBackup',
	'FacialRecognitionQueueAll',
	'FacialRecognition',
	'FileDelete',
	'FileMigrationQueueAll',
	'LibraryDeleteCheck',
	'LibraryDelete',
	'LibraryRemoveAsset',
	'LibraryScanAssetsQueueAll',
	'LibrarySyncAssets',
	'LibrarySyncFilesQueueAll',
	'LibrarySyncFiles',
	'LibraryScanQueueAll',
	'HlsSessionCleanup',
	'MemoryCleanup',
	'MemoryGenerate',
	'NotificationsCleanup',
	'NotifyUserSignup',
	'NotifyAlbumInvite',
	'NotifyAlbumUpdate',
	'UserDelete',
	'UserDeleteCheck',
	'UserSyncUsage',
	'PersonCleanup',
	'PersonFileMigration',
	'PersonGenerateThumbnail',
	'SessionCleanup',
	'SendMail',
	'SidecarQueueAll',
	'SidecarCheck',
	'SidecarWrite',
	'SmartSearchQueueAll',
	'SmartSearch',
	'StorageTemplateMigration',
	'StorageTemplateMigrationSingle',
	'TagCleanup',
	'VersionCheck',
	'OcrQueueAll',
	'Ocr',
	'WorkflowAssetTrigger',
	'IntegrityUntrackedFilesQueueAll',
	'IntegrityUntrackedFiles',
	'IntegrityUntrackedRefresh',
	'IntegrityMissingFilesQueueAll',
	'IntegrityMissingFiles',
	'IntegrityMissingFilesRefresh',
	'IntegrityChecksumFiles',
	'IntegrityChecksumFilesRefresh',
	'IntegrityDeleteReportType',
	'IntegrityDeleteReports'
] as const;
export type JobName = (typeof jobNames)[number];

/** Jobs that Immich's clients let users start manually. */
export const manualJobNames = [
	'person-cleanup',
	'tag-cleanup',
	'user-cleanup',
	'memory-cleanup',
	'memory-create',
	'backup-database',
	'integrity-missing-files',
	'integrity-untracked-files',
	'integrity-checksum-mismatch',
	'integrity-missing-files-refresh',
	'integrity-untracked-files-refresh',
	'integrity-checksum-mismatch-refresh',
	'integrity-missing-files-delete-all',
	'integrity-untracked-files-delete-all',
	'integrity-checksum-mismatch-delete-all'
] as const;
export type ManualJobName = (typeof manualJobNames)[number];

export const queueCommands = ['start', 'pause', 'resume', 'empty', 'clear-failed'] as const;
export type QueueCommand = (typeof queueCommands)[number];

export const jobStatuses = ['active', 'failed', 'completed', 'delayed', 'waiting', 'paused'] as const;
export type JobStatus = (typeof jobStatuses)[number];

/** Jobs implemented here; all others exist by name only. */
export const workNames = [
	'UserDeleteCheck',
	'SessionCleanup',
	'UserSyncUsage',
	'AuditTableCleanup',
	'VersionCheck',
	'AssetDeleteCheck',
	'AssetGenerateThumbnailsQueueAll',
	'IntegrityUntrackedFiles'
] as const satisfies readonly JobName[];
export type WorkName = (typeof workNames)[number];
