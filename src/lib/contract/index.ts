import { activityOperations } from './activities/activity.ts';
import { albumOperations } from './albums/album-operations.ts';
import { apiKeyDetailsOperations } from './api-keys/api-key-details.ts';
import { apiKeyOperations } from './api-keys/api-key.ts';
import { assetMetadataOperations } from './assets/asset-metadata.ts';
import { assetOperations } from './assets/asset-operations.ts';
import { assetSearchOperations } from './assets/asset-search.ts';
import { chosenPhotoOperations } from './assets/chosen-photos.ts';
import { assetUploadOperations } from './assets/asset-upload.ts';
import { timelineOperations } from './assets/timeline.ts';
import { auditOperations } from './audit/audit.ts';
import { authOperations } from './sign-in/auth.ts';
import { deviceAuthorizationOperations } from './device-authorization/device-authorization.ts';
import { downloadOperations } from './downloads/download.ts';
import { licenseOperations } from './licenses/license.ts';
import { maintenanceOperations } from './maintenance/maintenance.ts';
import { notificationOperations } from './notifications/notification.ts';
import { oauthOperations } from './oauth/oauth.ts';
import type { Operation } from './operation.ts';
import { partnerOperations } from './partners/partner.ts';
import { pinCodeOperations } from './sign-in/pin-code.ts';
import { profileImageOperations } from './profile-images/profile-image.ts';
import { queueOperations } from './jobs/queue.ts';
import { serverOperations } from './server-info/server.ts';
import { sessionAdminOperations } from './sessions/session-admin.ts';
import { sharedLinkOperations } from './shared-links/shared-link.ts';
import { sessionSearchOperations } from './sessions/session-search.ts';
import { sessionOperations } from './sessions/session.ts';
import { sharingOperations } from './sharing/sharing.ts';
import { signInCheckOperations } from './sign-in/sign-in-check.ts';
import { systemConfigOperations } from './settings/settings-operations.ts';
import { systemMetadataOperations } from './server-info/system-metadata.ts';
import { overviewOperations } from './overview/overview.ts';
import { userAdminOperations } from './users/user-admin.ts';
import { userBatchOperations } from './user-batches/user-batch.ts';
import { userDirectoryOperations } from './user-directory/user-directory-operations.ts';
import { userStatisticsOperations } from './statistics/user-statistics.ts';
import { userOperations } from './users/user.ts';
import { userSuggestionOperations } from './user-directory/user-suggestion.ts';

/** All operations, by Immich's operation ID. */
export const operations = {
	...authOperations,
	...oauthOperations,
	...deviceAuthorizationOperations,
	...pinCodeOperations,
	...sessionOperations,
	...sessionAdminOperations,
	...sessionSearchOperations,
	...apiKeyOperations,
	...apiKeyDetailsOperations,
	...notificationOperations,
	...userOperations,
	...userAdminOperations,
	...signInCheckOperations,
	...userDirectoryOperations,
	...userBatchOperations,
	...auditOperations,
	...userStatisticsOperations,
	...licenseOperations,
	...assetUploadOperations,
	...albumOperations,
	...activityOperations,
	...partnerOperations,
	...assetOperations,
	...chosenPhotoOperations,
	...assetMetadataOperations,
	...assetSearchOperations,
	...timelineOperations,
	...profileImageOperations,
	...userSuggestionOperations,
	...systemConfigOperations,
	...systemMetadataOperations,
	...maintenanceOperations,
	...sharedLinkOperations,
	...sharingOperations,
	...downloadOperations,
	...queueOperations,
	...serverOperations,
	...overviewOperations
};
export type OperationId = keyof typeof operations;

export const isOperationId = (id: string): id is OperationId => Object.hasOwn(operations, id);

/** Lists an operation's entry points: `POST /api/auth/login`, `/auth/login?/default`. */
export function listEntryPoints(operation: Operation): string[] {
	const twin = operation.twin && operation.rest ? [operation.rest.replace(/^\S+/, operation.twin)] : [];
	return [...(operation.rest ? [operation.rest] : []), ...twin, ...(operation.form ? [operation.form.at].flat() : [])];
}

/** `POST /api/auth/login` and `/auth/login?/default` both map to `login`. */
export const operationByEntryPoint: ReadonlyMap<string, OperationId> = new Map(
	Object.entries<Operation>(operations).flatMap(([id, operation]) =>
		isOperationId(id) ? listEntryPoints(operation).map((entryPoint) => [entryPoint, id] as const) : []
	)
);
