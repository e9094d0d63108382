import { apiKeyDetailsOperations } from './api-key-details.ts';
import { apiKeyOperations } from './api-key.ts';
import { assetUploadOperations } from './asset-upload.ts';
import { auditOperations } from './audit.ts';
import { authOperations } from './auth.ts';
import { licenseOperations } from './license.ts';
import { maintenanceOperations } from './maintenance.ts';
import { notificationOperations } from './notification.ts';
import { oauthOperations } from './oauth.ts';
import type { Operation } from './operation.ts';
import { pinCodeOperations } from './pin-code.ts';
import { profileImageOperations } from './profile-image.ts';
import { queueOperations } from './queue.ts';
import { serverOperations } from './server.ts';
import { sessionAdminOperations } from './session-admin.ts';
import { sessionOperations } from './session.ts';
import { signInCheckOperations } from './sign-in-check.ts';
import { systemConfigOperations } from './system-config-operations.ts';
import { systemMetadataOperations } from './system-metadata.ts';
import { userAdminOperations } from './user-admin.ts';
import { userBatchOperations } from './user-batch.ts';
import { userDirectoryOperations } from './user-directory-operations.ts';
import { userStatisticsOperations } from './user-statistics.ts';
import { userOperations } from './user.ts';
import { userSuggestionOperations } from './user-suggestion.ts';

/** Every operation of the system, by Immich's operation id. */
export const operations = {
	...authOperations,
	...oauthOperations,
	...pinCodeOperations,
	...sessionOperations,
	...sessionAdminOperations,
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
	...profileImageOperations,
	...userSuggestionOperations,
	...systemConfigOperations,
	...systemMetadataOperations,
	...maintenanceOperations,
	...queueOperations,
	...serverOperations
};
export type OperationId = keyof typeof operations;

export const isOperationId = (id: string): id is OperationId => Object.hasOwn(operations, id);

/** Lists the ways in of a row: `POST /api/auth/login`, `/auth/login?/default`. */
export function entrancesOf(row: Operation): string[] {
	const twin = row.twin && row.rest ? [row.rest.replace(/^\S+/, row.twin)] : [];
	return [...(row.rest ? [row.rest] : []), ...twin, ...(row.form ? [row.form.at].flat() : [])];
}

/** `POST /api/auth/login` and `/auth/login?/default` both lead to `login`. */
export const operationByEntrance: ReadonlyMap<string, OperationId> = new Map(
	Object.entries<Operation>(operations).flatMap(([id, row]) =>
		isOperationId(id) ? entrancesOf(row).map((entrance) => [entrance, id] as const) : []
	)
);
