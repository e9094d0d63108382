import { badRequest } from '#lib/server/platform/errors.ts';

export const notificationNotFound = () => badRequest('Notification not found');
