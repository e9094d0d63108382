import { z } from 'zod';

/** How many tasks of one kind run at once. */
const atOnce = (title: string, what: string) =>
	z.object({
		concurrency: z
			.int()
			.min(1)
			.meta({ title, description: `${what}: so many at once.` })
	});

export const AdminConfigJobDto = z
	.object({
		thumbnailGeneration: atOnce('Thumbnails', 'Small pictures and previews'),
		metadataExtraction: atOnce('Metadata', 'Reading what files say of themselves'),
		videoConversion: atOnce('Videos', 'Conversion of videos'),
		faceDetection: atOnce('Face detection', 'Looking for faces'),
		smartSearch: atOnce('Smart search', 'Preparing the search by content'),
		backgroundTask: atOnce('Background tasks', 'Cleaning up and everything small'),
		migration: atOnce('Moves', 'Moving files to where they belong'),
		search: atOnce('Search', 'Keeping the search up to date'),
		sidecar: atOnce('Sidecar files', 'Reading and writing files beside photos'),
		library: atOnce('External libraries', 'Scanning folders outside'),
		notifications: atOnce('Notifications', 'Sending e-mail'),
		ocr: atOnce('Text in pictures', 'Reading text in photos'),
		workflow: atOnce('Workflows', 'Running what people have set up'),
		integrityCheck: atOnce('Integrity checks', 'Comparing files with what is known of them'),
		editor: atOnce('Edits', 'Saving edited photos')
	})
	.meta({ title: 'Jobs', description: 'How many tasks of each kind run at the same time.' });

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
