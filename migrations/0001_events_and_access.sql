-- Projects, events, accounts and keys.
--
-- Text that is compared or ordered by code points has COLLATE "C", as Python compares and orders
-- it, whatever the locale of the database is.

CREATE TABLE project (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug text COLLATE "C" NOT NULL,
    name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT project_slug_unique UNIQUE (slug)
);

INSERT INTO project (slug, name) VALUES ('default', 'Default');

-- Columns of fixed width come first, so that no row pays for padding between them.
-- There is no foreign key to project: it would cost a look-up for every row that is inserted, and
-- only projects that were found by their slug get as far as this table.
CREATE TABLE event (
    event_id uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    project_id integer NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    event_type text COLLATE "C" NOT NULL,
    properties jsonb NOT NULL,
    CONSTRAINT event_unique PRIMARY KEY (project_id, event_id)
);

-- Lists and ranges of time. With received_at in it, a page is cheap even where thousands of events
-- have one occurred_at, as after an import of whole days.
CREATE INDEX event_by_time ON event (project_id, occurred_at, received_at);

-- Users of one event type: answered from the index alone.
CREATE INDEX event_by_type ON event (project_id, event_type, occurred_at) INCLUDE (user_id);

-- What one user did.
CREATE INDEX event_by_user ON event (project_id, user_id, occurred_at);

-- username_key and email_key are the names without regard to case. The application folds them,
-- since what lower() does depends on the locale of the database.
CREATE TABLE account (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    username text NOT NULL,
    username_key text COLLATE "C" NOT NULL,
    email text NOT NULL,
    email_key text COLLATE "C" NOT NULL,
    password_hash text NOT NULL,
    role text NOT NULL,
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    CONSTRAINT account_username_unique UNIQUE (username_key),
    CONSTRAINT account_email_unique UNIQUE (email_key)
);

CREATE TABLE api_key (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    project_id integer NOT NULL REFERENCES project (id),
    name text NOT NULL,
    prefix text NOT NULL,
    key_hash bytea NOT NULL,
    scopes text[] NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz,
    CONSTRAINT api_key_hash_unique UNIQUE (key_hash)
);
