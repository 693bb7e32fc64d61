-- The ledger's tables before there were migrations, as PostgreSQL's; one job, one page of two read.
CREATE TABLE job (
    id VARCHAR NOT NULL,
    folder VARCHAR NOT NULL,
    form VARCHAR NOT NULL,
    form_name VARCHAR NOT NULL,
    model VARCHAR NOT NULL,
    created FLOAT NOT NULL,
    started FLOAT,
    finished FLOAT,
    listed BOOLEAN NOT NULL,
    cancelled BOOLEAN NOT NULL,
    documents INTEGER NOT NULL,
    pages INTEGER NOT NULL,
    read INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    accepted INTEGER NOT NULL,
    review INTEGER NOT NULL,
    blank INTEGER NOT NULL,
    missing INTEGER NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE document (
    id SERIAL NOT NULL,
    job_id VARCHAR NOT NULL,
    path VARCHAR COLLATE "C" NOT NULL,
    pages INTEGER,
    sha256 VARCHAR,
    bytes INTEGER,
    PRIMARY KEY (id),
    UNIQUE (job_id, path),
    FOREIGN KEY(job_id) REFERENCES job (id) ON DELETE CASCADE
);
CREATE TABLE page (
    document_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    job_id VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    attempts INTEGER NOT NULL,
    offered FLOAT NOT NULL,
    worker VARCHAR,
    begun FLOAT,
    lease_until FLOAT,
    finished FLOAT,
    model VARCHAR NOT NULL,
    PRIMARY KEY (document_id, number),
    FOREIGN KEY(document_id) REFERENCES document (id) ON DELETE CASCADE,
    FOREIGN KEY(job_id) REFERENCES job (id) ON DELETE CASCADE
);
CREATE INDEX page_offer ON page (job_id, state, offered, document_id, number);
CREATE INDEX page_rate ON page (job_id, finished);
CREATE TABLE reading (
    document_id INTEGER NOT NULL,
    page INTEGER NOT NULL,
    position INTEGER NOT NULL,
    field VARCHAR NOT NULL,
    type VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    raw VARCHAR NOT NULL,
    confidence FLOAT,
    status VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    x INTEGER,
    y INTEGER,
    width INTEGER,
    height INTEGER,
    PRIMARY KEY (document_id, page, position),
    FOREIGN KEY(document_id, page) REFERENCES page (document_id, number) ON DELETE CASCADE
);
CREATE TABLE correction (
    id SERIAL NOT NULL,
    document_id INTEGER NOT NULL,
    page INTEGER NOT NULL,
    position INTEGER NOT NULL,
    value VARCHAR NOT NULL,
    by VARCHAR NOT NULL,
    at FLOAT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(document_id, page, position) REFERENCES reading (document_id, page, position) ON DELETE CASCADE
);
INSERT INTO job VALUES ('j1', '/scans', '{}', 'digits', 'm1', 1000.0, 1001.0, NULL, TRUE, FALSE, 2, 2, 1, 0, 1, 0, 0, 0);
INSERT INTO document VALUES (1, 'j1', 'a.png', 1, 'abc', 100);
INSERT INTO document VALUES (2, 'j1', 'b.png', NULL, NULL, NULL);
INSERT INTO page VALUES (1, 1, 'j1', 'done', 1, 1000.5, 'w1', 1001.0, NULL, 1002.0, 'm1');
INSERT INTO page VALUES (2, 1, 'j1', 'queued', 0, 0.0, NULL, NULL, NULL, NULL, '');
INSERT INTO reading VALUES (1, 1, 0, 'count', 'digits', '4711', '4711', 0.97, 'accepted', '', 1, 2, 3, 4);
