import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import { ActivityService } from './activity.service.ts';
import type { ActivityStore } from './repositories.ts';

export const createActivities = ({ store }: Platform<ActivityStore>) =>
	({ services: { activity: new ActivityService(store) } }) satisfies Feature;
