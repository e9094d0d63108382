import { z } from 'zod';

/** Concurrency of one kind of job. */
const atOnce = (title: string, what: string) =>
	z.object({
		concurrency: z
			.int()
			.min(1)
			.meta({ title, description: `How many run at the same time: ${what}.` })
	});

const unused = 'not done by this server';

export const AdminConfigJobDto = z
	.object({
		thumbnailGeneration: atOnce('Thumbnails', unused),
		metadataExtraction: atOnce('Metadata', unused),
		videoConversion: atOnce('Videos', unused),
		faceDetection: atOnce('Face detection', unused),
		smartSearch: atOnce('Smart search', unused),
		backgroundTask: atOnce('Background tasks', 'cleanup and other small tasks'),
		migration: atOnce('File migration', unused),
		search: atOnce('Search', unused),
		sidecar: atOnce('Sidecar files', unused),
		library: atOnce('External libraries', unused),
		notifications: atOnce('Email', unused),
		ocr: atOnce('Text recognition (OCR)', unused),
		workflow: atOnce('Workflows', unused),
		integrityCheck: atOnce('Integrity checks', unused),
		editor: atOnce('Edits', unused)
	})
	.meta({ title: 'Jobs', description: 'How many background tasks run at the same time. The rest is kept for Immich.' });

export const jobDefaults: z.output<typeof AdminConfigJobDto> = {
	thumbnailGeneration: { concurrency: 3 },
	metadataExtraction: { concurrency: 5 },
	videoConversion: { concurrency: 1 },
	faceDetection: { concurrency: 2 },
	smartSearch: { concurrency: 2 },
	backgroundTask: { concurrency: 5 },
	migration: { concurrency: 5 },
	search: { concurrency: 5 },
	sidecar: { concurrency: 5 },
	library: { concurrency: 5 },
	notifications: { concurrency: 5 },
	ocr: { concurrency: 1 },
	workflow: { concurrency: 5 },
	integrityCheck: { concurrency: 1 },
	editor: { concurrency: 2 }
};
