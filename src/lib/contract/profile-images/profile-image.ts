import { z } from 'zod';
import { dateTime, idParams } from '../fields.ts';
import { binary, defineForm, defineUpstreamOperations } from '../operation.ts';

/** A full-size phone photo; only a small square is stored. */
export const maxProfileImageBytes = 16 * 1024 * 1024;
/** Room for the multipart framing. */
const multipartFrameBytes = 64 * 1024;

const CreateProfileImageDto = z.object({ file: z.file() }).meta({ id: 'CreateProfileImageDto' });

export const CreateProfileImageResponseDto = z
	.object({ userId: z.string(), profileImagePath: z.string(), profileChangedAt: dateTime })
	.meta({ id: 'CreateProfileImageResponseDto' });

export const profileImageOperations = defineUpstreamOperations({
	createProfileImage: {
		summary: 'Upload a profile picture (cropped to a square)',
		rest: 'POST /api/users/profile-image',
		form: defineForm({
			at: '/(console)/account/profile?/setPicture',
			fields: z.object({ file: z.file() }),
			toBody: ({ file }) => ({ file })
		}),
		access: { permission: 'userProfileImage.update' },
		multipart: true,
		maxBytes: maxProfileImageBytes + multipartFrameBytes,
		body: CreateProfileImageDto,
		reply: CreateProfileImageResponseDto,
		status: 201
	},
	deleteProfileImage: {
		summary: 'Remove the picture of oneself',
		rest: 'DELETE /api/users/profile-image',
		form: defineForm({ at: '/(console)/account/profile?/removePicture', fields: z.object({}) }),
		access: { permission: 'userProfileImage.delete' },
		status: 204
	},
	getProfileImage: {
		summary: 'Get a user’s profile picture',
		rest: 'GET /api/users/[id]/profile-image',
		access: { permission: 'userProfileImage.read' },
		params: idParams,
		/** Time of the last change; clients use it to bust their cache. */
		query: z.object({ updatedAt: z.string().max(100).optional() }),
		reply: binary
	}
});
