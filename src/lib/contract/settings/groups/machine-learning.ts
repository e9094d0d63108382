import { z } from 'zod';
import { flexibleBoolean, mostItems, settingText } from '../document/fields.ts';

export const AdminConfigMachineLearningDto = z
	.object({
		enabled: flexibleBoolean,
		urls: z.array(settingText).min(1).max(mostItems),
		/** Both times are in milliseconds. */
		availabilityChecks: z.object({ enabled: flexibleBoolean, timeout: z.int().min(0), interval: z.int().min(0) }),
		clip: z.object({ enabled: flexibleBoolean, modelName: settingText }),
		duplicateDetection: z.object({ enabled: flexibleBoolean, maxDistance: z.number().min(0.001).max(0.1) }),
		facialRecognition: z.object({
			enabled: flexibleBoolean,
			modelName: settingText,
			minScore: z.number().min(0.1).max(1),
			maxDistance: z.number().min(0.1).max(2),
			minFaces: z.int().min(1)
		}),
		ocr: z.object({
			enabled: flexibleBoolean,
			modelName: settingText,
			minDetectionScore: z.number().min(0.1).max(1),
			minRecognitionScore: z.number().min(0.1).max(1),
			maxResolution: z.int().min(1)
		})
	})
	.meta({ title: 'Machine learning', description: 'Search by content, faces, duplicates and text in pictures.' });

export const machineLearningDefaults: z.output<typeof AdminConfigMachineLearningDto> = {
	enabled: true,
	urls: ['http://immich-machine-learning:3003'],
	availabilityChecks: { enabled: true, timeout: 2000, interval: 30_000 },
	clip: { enabled: true, modelName: 'ViT-B-32__openai' },
	duplicateDetection: { enabled: true, maxDistance: 0.01 },
	facialRecognition: { enabled: true, modelName: 'buffalo_l', minScore: 0.7, maxDistance: 0.5, minFaces: 3 },
	ocr: {
		enabled: true,
		modelName: 'PP-OCRv5_mobile',
		minDetectionScore: 0.5,
		minRecognitionScore: 0.8,
		maxResolution: 736
	}
};
