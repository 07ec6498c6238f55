DROP TABLE api_key;

DROP TABLE account;

DROP TABLE event;

DROP TABLE project;
