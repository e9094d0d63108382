import { z } from 'zod';
import { flexibleBoolean } from '../document/fields.ts';

const encoding = {
	format: z.enum(['jpeg', 'webp']),
	quality: z.int().min(1).max(100),
	// Optional on the wire.
	progressive: flexibleBoolean.default(false)
};
const generatedImage = z.object({ ...encoding, size: z.int().min(1) });

export const AdminConfigImageDto = z
	.object({
		thumbnail: generatedImage,
		preview: generatedImage,
		fullsize: z.object({ enabled: flexibleBoolean, ...encoding }),
		colorspace: z.enum(['srgb', 'p3']),
		extractEmbedded: flexibleBoolean
	})
	.meta({ title: 'Pictures', description: 'Thumbnails and previews: their format, size and quality.' });

export const imageDefaults: z.output<typeof AdminConfigImageDto> = {
	thumbnail: { format: 'webp', size: 250, quality: 80, progressive: false },
	preview: { format: 'jpeg', size: 1440, quality: 80, progressive: false },
	fullsize: { enabled: false, format: 'jpeg', quality: 80, progressive: false },
	colorspace: 'p3',
	extractEmbedded: false
};
