import { z } from 'zod';
import { defineOperations } from './operation.ts';
import { VersionCheckStateResponseDto } from './version-check.ts';

export const AdminOnboardingDto = z.object({ isOnboarded: z.boolean() }).meta({ id: 'AdminOnboardingUpdateDto' });

export const systemMetadataOperations = defineOperations({
	getAdminOnboarding: {
		summary: 'Read whether the server has been set up.',
		rest: 'GET /api/system-metadata/admin-onboarding',
		access: { permission: 'systemMetadata.read', admin: true },
		reply: AdminOnboardingDto
	},
	updateAdminOnboarding: {
		summary: 'Mark the server as set up.',
		rest: 'POST /api/system-metadata/admin-onboarding',
		access: { permission: 'systemMetadata.update', admin: true },
		body: AdminOnboardingDto,
		status: 204
	},
	getVersionCheckState: {
		summary: 'Read what the last look for a newer version has found.',
		rest: 'GET /api/system-metadata/version-check-state',
		access: { permission: 'systemMetadata.read', admin: true },
		reply: VersionCheckStateResponseDto
	}
});
