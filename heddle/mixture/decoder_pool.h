// Open video files, kept for the next one who reads from them: those used last, up to so many bytes and files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <list>
#include <memory>
#include <mutex>
#include <string>

#include "heddle/data/video/video_reader.h"

namespace heddle::mixture {

class DecoderPool {
 public:
  DecoderPool(size_t max_bytes, size_t max_files) : max_bytes_(max_bytes), max_files_(max_files) {}

  // A reader of the file for as long as this lives; then it goes back to the pool.
  class Lease {
   public:
    Lease(DecoderPool& pool, std::string file, std::unique_ptr<data::VideoReader> reader);
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    data::VideoReader& operator*() const { return *reader_; }
    data::VideoReader* operator->() const { return reader_.get(); }
    // The reader failed: it is closed instead of going back.
    void Discard() { reader_.reset(); }

   private:
    DecoderPool& pool_;
    std::string file_;
    std::unique_ptr<data::VideoReader> reader_;
  };

  // Any thread. Of several idle readers of a file, the one used last. Throws as VideoReader does.
  Lease Take(const std::filesystem::path& file);

  // Of the idle ones.
  size_t bytes() const;
  size_t files() const;

 private:
  struct Idle {
    std::string file;
    std::unique_ptr<data::VideoReader> reader;
    size_t bytes = 0;
  };
  void GiveBack(std::string file, std::unique_ptr<data::VideoReader> reader);

  const size_t max_bytes_, max_files_;
  mutable std::mutex mutex_;
  std::list<Idle> idle_;  // the last used in front
  size_t bytes_ = 0;
};

}  // namespace heddle::mixture
