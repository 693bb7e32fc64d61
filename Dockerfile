# A worker, and every other command: `docker compose run --rm worker submit /scans --form check`.
FROM python:3.11-slim-bookworm

# PDF pages that are not scans are rendered by poppler.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends poppler-utils \
    && rm -rf /var/lib/apt/lists/*

RUN useradd --uid 10001 --create-home formdigits \
    && install --directory --owner formdigits --mode 700 /var/lib/formdigits
ENV FORMDIGITS_STATE=/var/lib/formdigits

# The base packages and PostgreSQL's driver; training (TensorFlow) is not for workers.
WORKDIR /opt/formdigits
COPY pyproject.toml README.md LICENSE ./
COPY ocr ocr
COPY workers workers
COPY model model
RUN pip install --no-cache-dir ".[postgres,s3]" && rm -rf /opt/formdigits/*

USER formdigits
WORKDIR /home/formdigits
ENTRYPOINT ["formdigits"]
CMD ["worker"]
