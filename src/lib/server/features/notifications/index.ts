export { createNotifications } from './feature.ts';
export { toNotificationDto } from './notification-dto.ts';
export type { NewNotification, NotificationRepository } from './notification.repository.ts';
export { notices } from './templates.ts';
export { type NotificationRepositories, notificationRepositories } from './repositories.ts';
