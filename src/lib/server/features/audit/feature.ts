import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import { AuditService } from './audit.service.ts';
import type { AuditStore } from './repositories.ts';

export const createAudit = ({ store }: Platform<AuditStore>) =>
	({ services: { audit: new AuditService(store) } }) satisfies Feature;
