import { z } from 'zod';
import { defineOperations } from '../operation.ts';
import { VersionCheckStateResponseDto } from './version-check.ts';

export const AdminOnboardingDto = z.object({ isOnboarded: z.boolean() }).meta({ id: 'AdminOnboardingUpdateDto' });

export const ReverseGeocodingStateResponseDto = z
	.object({ lastUpdate: z.string().nullable(), lastImportFileName: z.string().nullable() })
	.meta({ id: 'ReverseGeocodingStateResponseDto' });

export const systemMetadataOperations = defineOperations({
	getAdminOnboarding: {
		summary: 'Get whether the server has been set up',
		rest: 'GET /api/system-metadata/admin-onboarding',
		access: { permission: 'systemMetadata.read', admin: true },
		reply: AdminOnboardingDto
	},
	updateAdminOnboarding: {
		summary: 'Mark the server as set up',
		rest: 'POST /api/system-metadata/admin-onboarding',
		access: { permission: 'systemMetadata.update', admin: true },
		body: AdminOnboardingDto,
		status: 204
	},
	getVersionCheckState: {
		summary: 'Get the latest update check',
		rest: 'GET /api/system-metadata/version-check-state',
		access: { permission: 'systemMetadata.read', admin: true },
		reply: VersionCheckStateResponseDto
	},
	getReverseGeocodingState: {
		summary: 'Get from which file Immich knows the names of places',
		rest: 'GET /api/system-metadata/reverse-geocoding-state',
		access: { permission: 'systemMetadata.read', admin: true },
		reply: ReverseGeocodingStateResponseDto
	}
});
