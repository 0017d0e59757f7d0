/** The channels that the configuration names; an absent one gets no notifications. */
export interface NotificationChannels {
  webhook?: WebhookChannel;
  email?: EmailChannel;
}

export interface WebhookChannel {
  url: string;
  /** Key of the HMAC; without one deliveries are not signed. */
  secret?: string | null;
}

export interface EmailChannel {
  /** Such as `smtp://user:password@mail.example.org:587`; `smtps:` for TLS from the start. */
  smtpUrl: string;
  from: string;
  to: string[];
}
