import { z } from 'zod';

const settings = z.object({ concurrency: z.int().min(1) });

export const AdminConfigJobDto = z.object({
	thumbnailGeneration: settings,
	metadataExtraction: settings,
	videoConversion: settings,
	faceDetection: settings,
	smartSearch: settings,
	backgroundTask: settings,
	migration: settings,
	search: settings,
	sidecar: settings,
	library: settings,
	notifications: settings,
	ocr: settings,
	workflow: settings,
	integrityCheck: settings,
	editor: settings
});

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
