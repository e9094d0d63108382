export { NotificationCleaner } from './notification-cleaner.ts';
export { toNotificationDto } from './notification-dto.ts';
export { type NewNotification, NotificationRepository } from './notification.repository.ts';
export { NotificationService } from './notification.service.ts';
export { notices } from './templates.ts';
export { type NotificationRepositories, notificationRepositories } from './repositories.ts';
