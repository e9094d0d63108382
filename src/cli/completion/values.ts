import { auditActions } from '#lib/contract/audit/audit.ts';
import { grantable } from '#lib/contract/permissions/permission.ts';
import { AdminConfigDto } from '#lib/contract/settings/document/index.ts';
import { ImmichAuthConfigDto } from '#lib/contract/settings/document/immich-auth.ts';
import { listSettingFields } from '#lib/contract/settings/document/setting-fields.ts';

const namesIn = (schema: Parameters<typeof listSettingFields>[0]) => listSettingFields(schema).map(({ name }) => name);

/** Values that this version of the server knows. */
export const knownValues = {
	permission: (): readonly string[] => grantable,
	action: (): readonly string[] => auditActions,
	setting: (): readonly string[] => [
		...namesIn(AdminConfigDto),
		...namesIn(ImmichAuthConfigDto).map((name) => `immichAuth.${name}`)
	]
};
